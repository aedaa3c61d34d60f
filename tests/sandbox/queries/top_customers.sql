select customers.name, customers.email, count(*) as charges, sum(charges.amount) as spent
from customers
inner join charges on charges.customer_id = customers.id and charges.paid
where charges.currency = 'usd'
group by customers.id, customers.name, customers.email
having sum(charges.amount) > 100000
order by spent desc, customers.name
fetch first 5 rows only

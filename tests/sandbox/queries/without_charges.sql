select count(*) as customers
from customers c
where not exists (select 1 from charges where charges.customer_id = c.id)

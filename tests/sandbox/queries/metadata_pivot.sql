select count(*) as customers, count(plan) as with_plan
from (
  select id, (select max(value) from customers_metadata m where m.customer_id = c.id and m.key = 'plan') as plan
  from customers c
) x

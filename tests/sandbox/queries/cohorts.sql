-- Customers by the month of their first charge.
with firsts as (
  select customer_id, min(date_trunc('month', created)) as cohort from charges where paid group by customer_id
)
select date_format(cohort, '%b %Y') as cohort, count(distinct c.customer_id) as customers,
  count(*) filter (where c.created < cohort + interval '30' day) as charges_in_30_days
from firsts
join charges c using (customer_id)
group by firsts.cohort
order by firsts.cohort

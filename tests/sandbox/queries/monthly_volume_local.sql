-- Gross volume by month, in the account's time zone.
select date_format(created at time zone 'America/Los_Angeles', '%Y-%m') as month, currency, sum(amount) as volume
from charges
where status = 'succeeded'
group by 1, 2
order by 1 desc, volume desc
limit 12

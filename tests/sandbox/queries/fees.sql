select f.type, f.currency, sum(f.amount) as amount, round(avg(f.amount), 2) as average
from balance_transaction_fee_details f
group by grouping sets ((f.type, f.currency), (f.currency))
order by 2, 1 nulls last

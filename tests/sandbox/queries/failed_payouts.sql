select id, amount, currency, failure_code, arrival_date, b.created as reversed
from payouts
left join (select id as transaction_id, created from balance_transactions) b
  on b.transaction_id = failure_balance_transaction_id
where status = 'failed'
order by b.created nulls first, id
limit 5

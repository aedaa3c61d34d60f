select number, amount_remaining, currency, date_diff('day', created, now()) as days_open
from invoices
where not paid and created >= date_add('month', -2, current_date)
order by created desc, number
limit 8

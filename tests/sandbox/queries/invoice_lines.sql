select i.number, array_agg(l.description order by l.id) as lines, sum(l.amount) = max(i.subtotal) as complete
from invoices i
join invoice_line_items l on l.invoice_id = i.id
where i.total > 50000
group by i.number
order by i.number
limit 5

select jurisdiction_name, tax_rate, count(*) as lines, sum(tax_amount) as tax, sum(total) - sum(subtotal) = sum(tax_amount) as adds_up
from tax_transaction_line_items
group by 1, 2
order by 1

-- Monthly recurring revenue by product.
select products.name, count(*) as subscriptions, sum(s.quantity * prices.unit_amount) as mrr,
  cast(sum(s.quantity * prices.unit_amount_decimal) / 100 as decimal(12, 2)) as mrr_decimal
from subscriptions s
join prices on prices.id = s.price_id
join products on products.id = prices.product_id
where s.status = 'active' and s.ended_at is null
group by products.name
order by mrr desc

select card_brand, count(*) as charges, count(dispute_id) as disputes,
  round(100.0 * count(dispute_id) / count(*), 2) as percent,
  cast(count(dispute_id) as double) / count(*) as rate
from charges
where paid
group by card_brand
order by disputes desc, card_brand

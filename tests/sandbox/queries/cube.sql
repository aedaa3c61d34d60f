select card_funding, card_brand, count(*) as charges
from charges
where amount > 20000
group by cube (card_funding, card_brand)
order by card_funding nulls first, card_brand nulls first

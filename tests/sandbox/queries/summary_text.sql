select listagg(currency, ', ') within group (order by currency) as currencies, bool_and(volume > 0) as positive, sum(n) as charges
from (select currency, sum(amount) as volume, count(*) as n from charges group by 1) t

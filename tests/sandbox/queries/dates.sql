select created, year(created) as y, extract(month from created) as m, day_of_week(created) as dow,
  week(created) as week, date_trunc('week', created) as monday, last_day_of_month(created) as month_end,
  date_format(created, '%W %e %M %Y, %l:%i %p') as words, to_unixtime(created) as seconds,
  from_unixtime(1767225600) as new_year, date_parse('31/01/2026', '%d/%m/%Y') as parsed
from charges
order by created
limit 2

select part, position
from (values ('a,b,c')) as v(list)
cross join unnest(split(list, ',')) with ordinality as t(part, position)
where contains(array['a', 'c'], part) and cardinality(split(list, ',')) = 3
order by position desc

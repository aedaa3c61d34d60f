with l(k, a) as (values (1, 'one'), (2, 'two')), r(k, b) as (values (2, 'zwei'), (3, 'drei'))
select k, a, b from l full join r using (k)
union
select l.k, a, b from l left join r on l.k = r.k
order by k, a nulls first

select id, 'dispute' as kind from disputes where amount > 40000
union all
select id, 'refund' from refunds where amount > 60000
order by kind, id
limit 6

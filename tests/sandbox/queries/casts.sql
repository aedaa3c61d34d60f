select cast('42' as bigint) as a, try_cast('x' as integer) as b, cast(1.005 as decimal(10, 2)) as c, cast(true as varchar) as d,
  cast(date '2026-01-31' as timestamp) as e, cast('2026-01-31 10:11:12.345' as timestamp) as f,
  cast(12.9 as bigint) as g, cast(100.0 as double) as h, cast(cast(100.0 as double) as varchar) as i, cast('true' as boolean) as j,
  cast(12345 as varchar(3)) as k, nullif(1, 1) as l, if(1 > 2, 'yes', 'no') as m, typeof(1.50) as n

select 7 / 2 as whole, -7 / 2 as negative, 7 % 3 as rest, 7 / 2.0 as decimal_division, 7 / 2e0 as double_division,
  round(2.5) as half, round(-2.5e0) as negative_half, round(1234.5678, 2) as digits, floor(-1.5) as down, ceil(1.2) as up,
  abs(-3) as absolute, power(2, 10) as power, greatest(1, 2.5, 2) as most, least('b', 'a') as least,
  cast('123456789012345678901234567890' as decimal(38, 0)) + 1 as thirty_digits,
  9007199254740993 + 0 as beyond_doubles, cast(2 as decimal(10, 2)) * cast(1.5 as decimal(10, 3)) as product

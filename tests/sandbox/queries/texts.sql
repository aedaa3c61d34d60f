select upper(name) as name, split_part(email, '@', 2) as host, strpos(email, '@') as at, length(name) as letters,
  regexp_extract(name, '^\S+') as first, regexp_like(name, 'o''?[A-Z]|é') as accented, lpad(substr(id, 5, 3), 6, '*') as short,
  replace(lower(name), ' ', '_') || coalesce('-' || address_country, '') as slug, reverse(address_country) as reversed
from customers
order by email nulls last
limit 4

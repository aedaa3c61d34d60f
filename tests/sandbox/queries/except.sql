select count(*) as never_disputed
from (select customer_id from charges except select customer_id from charges where dispute_id is not null) t

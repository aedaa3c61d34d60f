-- Each payout is the sum of what it pays out.
select p.id, p.amount, sum(b.net) as paid_out, count(*) as transactions
from payouts p
join balance_transactions b on b.automatic_transfer_id = p.id
group by p.id, p.amount
having p.amount <> sum(b.net)

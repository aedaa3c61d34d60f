select failure_code, count(*) as declines, approx_percentile(outcome_risk_score, 0.5) as median_risk,
  max_by(id, outcome_risk_score) is not null as has_riskiest
from charges
where failure_code is not null and status <> 'succeeded'
group by failure_code
order by declines desc

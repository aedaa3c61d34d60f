select timestamp '2026-03-29 00:30:00' at time zone 'Europe/Berlin' as before,
  date_trunc('day', timestamp '2026-03-29 10:00:00' at time zone 'Europe/Berlin') as midnight,
  date_add('day', 1, timestamp '2026-03-28 12:00:00' at time zone 'Europe/Berlin') as next_noon,
  hour(timestamp '2026-01-01 00:00:00 UTC' at time zone 'Asia/Tokyo') as tokyo,
  cast(timestamp '2026-01-01 20:00:00' at time zone 'Asia/Tokyo' as date) as tokyo_day,
  date '2026-03-31' - interval '1' month as clamped,
  timestamp '2026-03-01 00:00:00' - timestamp '2026-02-27 12:00:00' as elapsed

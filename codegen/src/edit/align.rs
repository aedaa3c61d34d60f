//! Pairs the items of two lists.

use super::Value;

/// The index of an item in the text, and the item in the new value with its index.
pub(super) type Pair<'v> = (Option<usize>, Option<(usize, &'v Value)>);

/// Pairs the items that are equal, and between them the objects and lists at the same place.
pub(super) fn aligned<'v>(old: &[Value], new: &'v [Value]) -> Vec<Pair<'v>> {
    let mut pairs = Vec::new();
    let (mut old_at, mut new_at) = (0, 0);
    for (old_equal, new_equal) in equal(old, new).into_iter().chain([(old.len(), new.len())]) {
        let gap = (old_equal - old_at).max(new_equal - new_at);
        for step in 0..gap {
            let removed = Some(old_at + step).filter(|at| *at < old_equal);
            let added = Some(new_at + step).filter(|at| *at < new_equal).and_then(|at| Some((at, new.get(at)?)));
            // What belongs to a scalar, such as a comment, does not belong to another.
            let is_scalar = |item: &Value| !matches!(item, Value::Map(_) | Value::List(_));
            if removed.and_then(|at| old.get(at)).is_some_and(is_scalar) && added.is_some() {
                pairs.extend([(removed, None), (None, added)]);
            } else {
                pairs.push((removed, added));
            }
        }
        if let Some(item) = new.get(new_equal) {
            pairs.push((Some(old_equal), Some((new_equal, item))));
        }
        (old_at, new_at) = (old_equal + 1, new_equal + 1);
    }
    pairs
}

/// Returns the indices of a longest common subsequence.
fn equal(old: &[Value], new: &[Value]) -> Vec<(usize, usize)> {
    let is_equal = |(one, other): (&Value, &Value)| one.is(other);
    let start = old.iter().zip(new).take_while(|pair| is_equal(*pair)).count();
    let rest = |items: &[Value]| items.len() - start;
    let end = old.iter().rev().zip(new.iter().rev()).take_while(|pair| is_equal(*pair)).count();
    let end = end.min(rest(old)).min(rest(new));
    let old_middle = old.get(start..old.len() - end).unwrap_or_default();
    let new_middle = new.get(start..new.len() - end).unwrap_or_default();
    let middle = common(old_middle, new_middle).into_iter().map(|(one, other)| (start + one, start + other));
    let last = (0..end).rev().map(|from_end| (old.len() - 1 - from_end, new.len() - 1 - from_end));
    (0..start).map(|at| (at, at)).chain(middle).chain(last).collect()
}

/// The greatest product of the lengths of two lists that are compared item by item.
const MOST: usize = 1 << 20;

fn common(old: &[Value], new: &[Value]) -> Vec<(usize, usize)> {
    if old.len().saturating_mul(new.len()) > MOST {
        return Vec::new();
    }
    // The lengths of the longest common subsequences of what follows, row by row from the end.
    let mut rows = vec![vec![0_usize; new.len() + 1]];
    for item in old.iter().rev() {
        let below = rows.last().cloned().unwrap_or_default();
        let mut row = vec![0];
        for (at, other) in new.iter().enumerate().rev() {
            let length = |row: &[usize], at: usize| row.get(at).copied().unwrap_or_default();
            let right = row.last().copied().unwrap_or_default();
            row.push(if item.is(other) { length(&below, at + 1) + 1 } else { right.max(length(&below, at)) });
        }
        row.reverse();
        rows.push(row);
    }
    rows.reverse();
    let length = |old: usize, new: usize| rows.get(old).and_then(|row| row.get(new)).copied().unwrap_or_default();
    let (mut old_at, mut new_at, mut found) = (0, 0, Vec::new());
    while let (Some(item), Some(other)) = (old.get(old_at), new.get(new_at)) {
        if item.is(other) {
            found.push((old_at, new_at));
            (old_at, new_at) = (old_at + 1, new_at + 1);
        } else if length(old_at + 1, new_at) >= length(old_at, new_at + 1) {
            old_at += 1;
        } else {
            new_at += 1;
        }
    }
    found
}

//! [`Table`]: records sorted by id. No id is used twice.

use std::ops::{Deref, DerefMut};

/// A record with an id.
pub(crate) trait Record {
    fn id(&self) -> i64;
}

macro_rules! records {
    ($($name:ty),* $(,)?) => {
        $(impl $crate::account::Record for $name {
            fn id(&self) -> i64 {
                self.id
            }
        })*
    };
}

pub(super) use records;

pub(crate) struct Table<T> {
    records: Vec<T>,
    next_id: i64,
}

impl<T: Record> Table<T> {
    /// Creates an empty table, whose first record gets this id.
    pub(crate) fn starting_at(id: i64) -> Self {
        Self {
            records: Vec::new(),
            next_id: id,
        }
    }

    /// Returns the id of the next record.
    pub(crate) fn next_id(&self) -> i64 {
        self.next_id
    }

    /// Adds records at the end.
    pub(super) fn with(mut self, records: impl IntoIterator<Item = T>) -> Self {
        records.into_iter().for_each(|record| self.push(record));
        self
    }

    /// Adds a record at the end. Its id must be at least [`next_id`](Self::next_id).
    pub(crate) fn push(&mut self, record: T) {
        self.next_id = record.id() + 1;
        self.records.push(record);
    }

    pub(crate) fn find(&self, id: i64) -> Option<&T> {
        self.records.get(self.place(id)?)
    }

    pub(crate) fn find_mut(&mut self, id: i64) -> Option<&mut T> {
        let place = self.place(id)?;
        self.records.get_mut(place)
    }

    pub(crate) fn remove(&mut self, id: i64) -> Option<T> {
        let place = self.place(id)?;
        Some(self.records.remove(place))
    }

    pub(crate) fn remove_first(&mut self) -> Option<T> {
        let id = self.records.first()?.id();
        self.remove(id)
    }

    fn place(&self, id: i64) -> Option<usize> {
        self.records.binary_search_by_key(&id, Record::id).ok()
    }
}

impl<T> Deref for Table<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.records
    }
}

impl<T> DerefMut for Table<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.records
    }
}

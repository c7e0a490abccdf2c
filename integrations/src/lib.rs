//! Nothing but a place for the examples, which have dependencies of their own, one feature each.

//! What the tasks of the project do, in one program: each program more is linked anew and runs alone.

mod check;
mod collections;
mod compiles;
mod contract;
mod convert;
mod diff;
mod documenter;
mod fetch;
mod kinds;
mod lower;
mod lower_any;
mod media;
mod mocks;
mod names;
mod project;
mod propose;
mod report;
mod schemas;
mod table;
mod tolerance;
mod untested;
mod update;
mod update_adopt;
mod update_random;
mod update_support;
mod workspace;

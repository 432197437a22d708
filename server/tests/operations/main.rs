//! The program as it is operated: behind nginx, in replicas, stopped and started, and watched by Prometheus. nginx and Prometheus are
//! the machine's own.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod apart;
mod backups;
mod chaos;
mod crash;
mod crowd;
mod disks;
mod lifecycle;
mod nginx;
mod outages;
mod prometheus;
mod replicas;
mod three;

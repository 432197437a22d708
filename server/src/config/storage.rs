//! Where things are kept, and how many runs are worked on at once.

use std::path::PathBuf;

use super::{Problem, given, number, parsed};

/// Runs that one process may work on at once.
const MOST_JOBS: usize = 256;

/// As given.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Storage")]
pub struct StorageSettings {
    /// The folder for files, and for the private Postgres where DATABASE_URL is not set [default: data]
    #[arg(long, env = "DATA_DIR", value_name = "FOLDER", global = true)]
    pub data_dir: Option<String>,
    /// The Postgres to use, e.g. postgres://user:password@host/database; where it is not set, the server runs its own
    #[arg(
        long,
        env = "DATABASE_URL",
        value_name = "URL",
        hide_env_values = true,
        global = true
    )]
    pub database_url: Option<String>,
    /// Runs that are worked on at once; with 0 this process serves only, and others on the same DATABASE_URL work [default: 4]
    #[arg(long, env = "JOB_CONCURRENCY", value_name = "NUMBER", global = true)]
    pub job_concurrency: Option<String>,
    /// Connections to the database at most, for each process [default: 12 more than JOB_CONCURRENCY, 76 at most]
    #[arg(long, env = "DATABASE_POOL", value_name = "NUMBER", global = true)]
    pub database_pool: Option<String>,
    /// The folder of the built site, where it is not inside the program [default: target/site]
    #[arg(long, env = "LEPTOS_SITE_ROOT", value_name = "FOLDER", global = true)]
    pub site_root: Option<String>,
}

/// Checked.
#[derive(Clone)]
pub struct Storage {
    /// The folder for files.
    pub data_dir: PathBuf,
    /// The Postgres to use; it may hold a password.
    pub database_url: Option<String>,
    /// Runs that are worked on at once.
    pub job_concurrency: usize,
    /// Connections to the database at most.
    pub database_pool: u32,
    /// The folder of the built site.
    pub site_root: PathBuf,
}

impl std::fmt::Debug for Storage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Storage")
            .field("data_dir", &self.data_dir)
            .finish_non_exhaustive()
    }
}

impl StorageSettings {
    /// The folder for files.
    pub fn folder(&self) -> PathBuf {
        given(self.data_dir.as_ref()).unwrap_or("data").into()
    }

    pub(super) fn validate(&self, problems: &mut Vec<Problem>) -> Storage {
        let database_url = parsed("DATABASE_URL", self.database_url.as_ref(), None, problems, |text| {
            if text.starts_with("postgres://") || text.starts_with("postgresql://") {
                Ok(Some(text.to_owned()))
            } else {
                Err("is no address that starts with postgres://".to_owned())
            }
        });
        let job_concurrency = parsed(
            "JOB_CONCURRENCY",
            self.job_concurrency.as_ref(),
            4,
            problems,
            |text| match number(text, 0, MOST_JOBS)? {
                0 if database_url.is_none() => Err("is 0, and without DATABASE_URL nobody else can work".to_owned()),
                number => Ok(number),
            },
        );
        // While a neighbour is asked, a run holds no connection.
        let enough = u32::try_from(job_concurrency).unwrap_or_default().min(64) + 12;
        let database_pool = parsed("DATABASE_POOL", self.database_pool.as_ref(), enough, problems, |text| {
            number(text, 4, 500)
        });
        Storage {
            database_pool,
            data_dir: self.folder(),
            database_url,
            job_concurrency,
            site_root: given(self.site_root.as_ref()).unwrap_or("target/site").into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The settings with these values, and what is wrong with them.
    fn checked(jobs: &str, database: Option<&str>) -> (Storage, Vec<Problem>) {
        let mut problems = Vec::new();
        let settings = StorageSettings {
            job_concurrency: Some(jobs.to_owned()),
            database_url: database.map(str::to_owned),
            ..StorageSettings::default()
        };
        (settings.validate(&mut problems), problems)
    }

    #[test]
    fn only_with_a_shared_database_may_others_do_the_work() {
        let (storage, problems) = checked("0", Some("postgres://somewhere/db"));
        assert_eq!((storage.job_concurrency, storage.database_pool), (0, 12));
        assert_eq!(problems, []);
        let (storage, problems) = checked("0", None);
        assert_eq!(storage.job_concurrency, 4);
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].name, "JOB_CONCURRENCY");
    }

    #[test]
    fn many_jobs_do_not_need_as_many_connections() {
        let (storage, problems) = checked("200", None);
        assert_eq!((storage.job_concurrency, storage.database_pool), (200, 76));
        assert_eq!(problems, []);
        assert_eq!(checked("257", None).1.len(), 1);
    }
}

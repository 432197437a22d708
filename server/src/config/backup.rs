//! Where backups go and how long they stay.

use backend::{
    backup::{BackupConfig, Place, S3},
    models::Secret,
};
use chrono::NaiveTime;

use super::{Problem, given, number, parsed, web_address};

/// As given.
#[derive(Clone, Default, clap::Args)]
#[command(next_help_heading = "Backups")]
pub struct BackupSettings {
    /// Where backups go: a folder, or s3://bucket/prefix; unset, none are made
    #[arg(long, env = "BACKUP_TO", value_name = "PLACE", global = true)]
    pub backup_to: Option<String>,
    /// When one is made each day, UTC, or off where something else runs `backup` [default: 03:20]
    #[arg(long, env = "BACKUP_AT", value_name = "HH:MM", global = true)]
    pub backup_at: Option<String>,
    /// How many days they stay [default: 30]
    #[arg(long, env = "BACKUP_KEEP_DAYS", value_name = "DAYS", global = true)]
    pub backup_keep_days: Option<String>,
    /// How many stay however old they are [default: 7]
    #[arg(long, env = "BACKUP_KEEP_LEAST", value_name = "NUMBER", global = true)]
    pub backup_keep_least: Option<String>,
    /// For s3://: the server's address [default: Amazon's, of the region]
    #[arg(long, env = "BACKUP_S3_ENDPOINT", value_name = "URL", global = true)]
    pub backup_s3_endpoint: Option<String>,
    /// For s3://: the region [default: us-east-1]
    #[arg(long, env = "BACKUP_S3_REGION", value_name = "NAME", global = true)]
    pub backup_s3_region: Option<String>,
    /// For s3://: whose access it is
    #[arg(
        long,
        env = "BACKUP_S3_ACCESS_KEY_ID",
        value_name = "ID",
        hide_env_values = true,
        global = true
    )]
    pub backup_s3_access_key_id: Option<String>,
    /// For s3://: the key to it
    #[arg(
        long,
        env = "BACKUP_S3_SECRET_ACCESS_KEY",
        value_name = "KEY",
        hide_env_values = true,
        global = true
    )]
    pub backup_s3_secret_access_key: Option<String>,
}

impl std::fmt::Debug for BackupSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BackupSettings")
            .field("backup_to", &self.backup_to)
            .finish_non_exhaustive()
    }
}

impl BackupSettings {
    pub(super) fn validate(&self, problems: &mut Vec<Problem>) -> Option<BackupConfig> {
        let at = parsed(
            "BACKUP_AT",
            self.backup_at.as_ref(),
            NaiveTime::from_hms_opt(3, 20, 0),
            problems,
            time_of_day,
        );
        let keep_days = parsed(
            "BACKUP_KEEP_DAYS",
            self.backup_keep_days.as_ref(),
            30,
            problems,
            |text| number(text, 1, 36_500),
        );
        let keep_least = parsed(
            "BACKUP_KEEP_LEAST",
            self.backup_keep_least.as_ref(),
            7,
            problems,
            |text| number(text, 1, 10_000),
        );
        let to = given(self.backup_to.as_ref())?;
        let place = match to.split_once("://") {
            None => Place::Folder(to.into()),
            Some(("s3", rest)) => Place::S3(self.bucket(rest, problems)?),
            Some((scheme, _)) => {
                problems.push(Problem {
                    name: "BACKUP_TO".to_owned(),
                    message: format!("begins with {scheme}://; a folder or s3://bucket/prefix is meant"),
                });
                return None;
            }
        };
        Some(BackupConfig {
            place,
            at,
            keep_days,
            keep_least,
        })
    }

    fn bucket(&self, rest: &str, problems: &mut Vec<Problem>) -> Option<S3> {
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let region = given(self.backup_s3_region.as_ref()).unwrap_or("us-east-1");
        let usual = url::Url::parse(&format!("https://s3.{region}.amazonaws.com")).ok();
        let endpoint = parsed(
            "BACKUP_S3_ENDPOINT",
            self.backup_s3_endpoint.as_ref(),
            usual,
            problems,
            |text| web_address(text).map(Some),
        )?;
        let mut needed = |name: &str, value: Option<&String>| {
            let value = given(value).map(str::to_owned);
            if value.is_none() {
                problems.push(Problem {
                    name: name.to_owned(),
                    message: "is needed, since BACKUP_TO is a bucket".to_owned(),
                });
            }
            value
        };
        let key = needed("BACKUP_S3_ACCESS_KEY_ID", self.backup_s3_access_key_id.as_ref());
        let secret = needed("BACKUP_S3_SECRET_ACCESS_KEY", self.backup_s3_secret_access_key.as_ref());
        let made = S3::new(
            endpoint,
            region.to_owned(),
            bucket.to_owned(),
            prefix,
            key?,
            Secret::new(secret?),
        );
        made.map_err(|message| {
            problems.push(Problem {
                name: "BACKUP_TO".to_owned(),
                message: format!("can't be used: {message}"),
            });
        })
        .ok()
    }
}

fn time_of_day(text: &str) -> Result<Option<NaiveTime>, String> {
    if text.eq_ignore_ascii_case("off") {
        return Ok(None);
    }
    NaiveTime::parse_from_str(text, "%H:%M")
        .map(Some)
        .map_err(|_| format!("is {text}; a time as 03:20, or off, is meant"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(to: &str) -> BackupSettings {
        BackupSettings {
            backup_to: Some(to.to_owned()),
            ..BackupSettings::default()
        }
    }

    #[test]
    fn folders_and_buckets_are_told_apart() {
        let mut problems = Vec::new();
        let folder = settings("/backups").validate(&mut problems);
        assert!(matches!(
            folder,
            Some(BackupConfig {
                place: Place::Folder(_),
                keep_days: 30,
                ..
            })
        ));
        let bucket = BackupSettings {
            backup_s3_access_key_id: Some("id".to_owned()),
            backup_s3_secret_access_key: Some("key".to_owned()),
            ..settings("s3://bucket/some/prefix")
        };
        let bucket = bucket.validate(&mut problems);
        assert_eq!(
            bucket.map(|bucket| bucket.place.to_string()).as_deref(),
            Some("s3://bucket/some/prefix/")
        );
        assert_eq!(problems, []);
        assert!(BackupSettings::default().validate(&mut problems).is_none());
    }

    #[test]
    fn what_is_missing_is_named() {
        let mut problems = Vec::new();
        let mut wrong = settings("s3://bucket");
        wrong.backup_at = Some("25:00".to_owned());
        assert!(wrong.validate(&mut problems).is_none());
        assert!(settings("ftp://host").validate(&mut problems).is_none());
        let names: Vec<&str> = problems.iter().map(|problem| problem.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "BACKUP_AT",
                "BACKUP_S3_ACCESS_KEY_ID",
                "BACKUP_S3_SECRET_ACCESS_KEY",
                "BACKUP_TO"
            ]
        );
    }
}

//! Stopping: the first SIGTERM or Ctrl-C drains, the second one ends at once.

use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// How far we are with stopping.
#[derive(Clone, Debug, Default)]
pub struct Stopping {
    /// Cancelled by the signal: whoever sends requests should look for another.
    pub announced: CancellationToken,
    /// Cancelled after the delay: nothing new is taken, and everything ends.
    pub begun: CancellationToken,
}

/// Begins to stop at the first signal; the second one ends the process.
///
/// # Errors
/// Where signals can't be listened for.
pub fn on_signal(delay: Duration) -> std::io::Result<Stopping> {
    let stopping = Stopping::default();
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let cancel = stopping.clone();
    tokio::spawn(async move {
        let mut next = async || {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        };
        next().await;
        tracing::info!("stopping: open work is put down and goes on at the next start");
        cancel.announced.cancel();
        tokio::select! {
            () = tokio::time::sleep(delay) => {
                cancel.begun.cancel();
                next().await;
            }
            () = next() => {}
        }
        tracing::warn!("stopping at once");
        std::process::exit(130);
    });
    Ok(stopping)
}

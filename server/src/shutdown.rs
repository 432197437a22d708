//! Stopping: the first SIGTERM or Ctrl-C drains, the second one ends at once.

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// A token that is cancelled by the first signal; the second one ends the process.
///
/// # Errors
/// Where signals can't be listened for.
pub fn on_signal() -> std::io::Result<CancellationToken> {
    let token = CancellationToken::new();
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let cancel = token.clone();
    tokio::spawn(async move {
        let mut next = async || {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        };
        next().await;
        tracing::info!("stopping: open work is put down and goes on at the next start");
        cancel.cancel();
        next().await;
        tracing::warn!("stopping at once");
        std::process::exit(130);
    });
    Ok(token)
}

//! `campanile explain`: why somebody did, or did not, get a notification, from a script.

use cynic::QueryBuilder;

use super::{
    CommandError,
    output::{Printer, table},
    persist,
};
use crate::{
    api::explain::{ExplainQuery, ExplainVariables, Explanation},
    cli::{Explain, Output},
    config::Settings,
    sanitise,
};

/// Prints whether, and what each rule says.
pub(super) async fn run(settings: &Settings, args: Explain, output: Output) -> Result<(), CommandError> {
    let variables = ExplainVariables { notification_id: args.id.into(), user_key: args.user };
    let explanation = persist(settings, |session| {
        let query = ExplainQuery::build(variables.clone());
        async move { session.ask(query).await.map(|answer| answer.explain) }
    })
    .await?;
    Printer::new(output).say(&explanation, || lines(&explanation))?;
    Ok(())
}

fn lines(explanation: &Explanation) -> Vec<String> {
    let verdict = if explanation.received { "received" } else { "not received" };
    let rows: Vec<_> = explanation
        .reasons
        .iter()
        .map(|reason| {
            let holds = if reason.holds { "yes" } else { "no" };
            let at = reason.at.map(|at| at.format("%Y-%m-%d %H:%M:%S").to_string());
            vec![
                holds.to_owned(),
                sanitise::line(&reason.rule),
                at.unwrap_or_default(),
                sanitise::line(&reason.detail),
            ]
        })
        .collect();
    std::iter::once(verdict.to_owned()).chain(table(&rows)).collect()
}

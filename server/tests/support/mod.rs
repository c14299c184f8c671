//! What the property test of isolation is made of: a server in this process, a naive model of what it should show,
//! random operations, and what performs and compares them.

pub(crate) mod act;
pub(crate) mod compare;
pub(crate) mod explain;
pub(crate) mod feeds;
pub(crate) mod filter;
pub(crate) mod model;
pub(crate) mod operations;
pub(crate) mod receipts;
pub(crate) mod server;
pub(crate) mod settings;

use feeds::LiveFeed;
use model::Model;
use operations::{Operation, Script};
use server::Server;

/// The server, what it should show, and what its clients hold.
pub(crate) struct World {
    pub(crate) server: Server,
    pub(crate) model: Model,
    pub(crate) feeds: Vec<LiveFeed>,
    /// Cursors that clients have been given, each with the position that it must stand for.
    pub(crate) cursors: Vec<(String, usize)>,
    /// The last position that every feed is known to have told.
    pub(crate) rung: usize,
}

/// Performs the script, then holds everything that everyone can see against the model.
pub(crate) async fn run(script: Script) {
    let mut world = World {
        server: Server::start().await,
        model: Model::default(),
        feeds: Vec::new(),
        cursors: Vec::new(),
        rung: 0,
    };
    act::found(&mut world, &script.directory).await;
    for (operation, look) in script.operations {
        act::perform(&mut world, operation).await;
        compare::at_a_glance(&mut world, &look).await;
    }
    finish(world).await;
}

async fn finish(mut world: World) {
    act::ring(&mut world).await;
    let readers = (0..model::USERS.len()).filter(|user| model::reads_a_feed(*user));
    for user in readers {
        // The last thing that every feed has to tell.
        let read =
            Operation::Mark { by: user, which: vec![world.model.notifications().len() - 1], read: true };
        act::perform(&mut world, read).await;
    }
    for mut feed in std::mem::take(&mut world.feeds) {
        feed.wait_until_all_is_told(&world.model).await;
        feed.hold_against(&world.model);
    }
    for user in 0..model::USERS.len() {
        compare::everything(&mut world, user).await;
    }
}

// What the editor opens with, one tab each, until the reader has tabs of their own (kept in local storage).

const viewer = `# Who am I, what may I do, and how many wait for me?
query Viewer {
  viewer {
    user {
      key
      name
      role
      memberships {
        campus {
          key
          name
        }
        role
        since
      }
    }
    unreadCount {
      count
      atLeast
    }
    permissions {
      broadcastToAll
      administers {
        key
      }
    }
  }
}
`;

const notifications = `# The newest page. From its feedCursor on, a live feed has no gap: see the next tab.
query Notifications {
  notifications(first: 20) {
    nodes {
      id
      type
      priority
      title
      message
      status
      createdAt
      campus {
        key
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
    feedCursor
  }
}
`;

const feed = `# What happens from now on. With \`after: "…"\` (a feedCursor, or any event's cursor):
# first everything since.
subscription LiveFeed {
  feed {
    __typename
    cursor
    ... on NotificationAdded {
      replayed
      notification {
        id
        type
        priority
        title
        campus {
          key
        }
      }
    }
    ... on NotificationRecalled {
      notificationId
    }
    ... on ReadStateChanged {
      unreadCount
    }
    ... on FeedProgress {
      live
    }
  }
}
`;

export const examples = [{ query: viewer }, { query: notifications }, { query: feed }];

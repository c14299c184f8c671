//! The tables as diesel sees them. What the columns mean stands in the migrations.

diesel::table! {
    campus (id) { id -> BigInt, key -> Text, name -> Text, timezone -> Text, member_count -> BigInt, }
}

diesel::table! {
    app_user (id) {
        id -> BigInt, key -> Text, name -> Text, email -> Nullable<Text>, timezone -> Nullable<Text>,
        role -> SmallInt, known -> Bool,
    }
}

diesel::table! {
    membership (user_id, campus_id) {
        user_id -> BigInt, campus_id -> BigInt, role -> SmallInt, since_seq -> BigInt, since_at -> Timestamp,
    }
}

diesel::table! {
    notification_type (id) {
        id -> Integer, name -> Text, category -> Text, label -> Text, mandatory -> Bool, default_enabled -> Bool,
    }
}

diesel::table! {
    log_head (id) {
        id -> Integer, epoch -> Text, seq -> BigInt, created_at -> Timestamp, user_count -> BigInt,
        archived_through -> BigInt, deleted_through -> BigInt, archived_until -> Nullable<Timestamp>,
        deleted_until -> Nullable<Timestamp>, age_moves -> BigInt,
    }
}

diesel::table! {
    log_entry (seq) {
        seq -> BigInt, group_id -> BigInt, kind -> SmallInt, created_at -> Timestamp, user_id -> Nullable<BigInt>,
        campus_id -> Nullable<BigInt>, role -> Nullable<SmallInt>, target_seq -> Nullable<BigInt>,
        detail -> Nullable<Text>,
    }
}

diesel::table! {
    preference (user_id) { user_id -> BigInt, settings -> Text, }
}

diesel::table! {
    notification (seq) {
        seq -> BigInt, created_at -> Timestamp, audience_kind -> SmallInt, campus_id -> Nullable<BigInt>,
        audience_size -> BigInt, type_id -> Integer, priority -> SmallInt, title -> Text, message -> Text,
        event_id -> Nullable<Text>, attendance_id -> Nullable<Text>, action_url -> Nullable<Text>,
        metadata -> Nullable<Text>, expires_at -> Nullable<Timestamp>, sender_id -> BigInt,
        recalled_seq -> Nullable<BigInt>,
    }
}

diesel::table! {
    feed_entry (audience, seq) {
        audience -> BigInt, seq -> BigInt, type_id -> Integer, priority -> SmallInt,
        expires_at -> Nullable<Timestamp>, recalled -> Bool,
    }
}

diesel::table! {
    recipient_list (id) {
        id -> BigInt, created_at -> Timestamp, seq -> Nullable<BigInt>, broadcast_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    recipient_list_member (user_id, audience) {
        user_id -> BigInt, audience -> BigInt, type_id -> Nullable<Integer>, priority -> Nullable<SmallInt>,
        expires_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    idempotency (sender_id, key) {
        sender_id -> BigInt, key -> Text, fingerprint -> Binary, seq -> BigInt, created_at -> Timestamp,
        broadcast_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    reader (user_id) {
        user_id -> BigInt, revision -> BigInt, seen_through -> BigInt, delivered_through -> BigInt,
    }
}

diesel::table! {
    read_mark (user_id, campus_id, through) {
        user_id -> BigInt, campus_id -> BigInt, through -> BigInt, at -> Timestamp,
    }
}

diesel::table! {
    read_exception (user_id, seq) {
        user_id -> BigInt, seq -> BigInt, campus_id -> BigInt, is_read -> Bool, at -> Timestamp,
    }
}

diesel::table! {
    archive_exception (user_id, seq) { user_id -> BigInt, seq -> BigInt, is_archived -> Bool, at -> Timestamp, }
}

diesel::table! {
    notification_text (rowid) {
        rowid -> BigInt, terms -> Text,
        /// Every column at once, to be searched: FTS5 names it like the table.
        #[sql_name = "notification_text"]
        whole -> Text,
    }
}

diesel::table! {
    /// Of SQLite alone: the words of `notification_text`, one row for each place where one stands.
    notification_text_words (doc) { doc -> BigInt, term -> Text, }
}

diesel::table! {
    server (id) { id -> BigInt, figures -> Text, }
}

diesel::table! {
    text_index (id) { id -> Integer, indexed_through -> BigInt, }
}

diesel::table! {
    broadcast (id) {
        id -> BigInt, created_at -> Timestamp, sender_id -> BigInt, campus_id -> Nullable<BigInt>,
        audience_kind -> SmallInt, state -> SmallInt, send_at -> Nullable<Timestamp>, seq -> Nullable<BigInt>,
        failure -> Nullable<Text>,
    }
}

diesel::table! {
    unsent (broadcast_id) {
        broadcast_id -> BigInt, token_role -> SmallInt, list -> Nullable<BigInt>, type_id -> Integer,
        priority -> SmallInt, title -> Text, message -> Text, event_id -> Nullable<Text>,
        attendance_id -> Nullable<Text>, action_url -> Nullable<Text>, metadata -> Nullable<Text>,
        expires_at -> Nullable<Timestamp>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    app_user,
    archive_exception,
    broadcast,
    campus,
    feed_entry,
    idempotency,
    log_entry,
    log_head,
    membership,
    notification,
    preference,
    read_exception,
    read_mark,
    reader,
    recipient_list,
    recipient_list_member,
    text_index,
    unsent,
);

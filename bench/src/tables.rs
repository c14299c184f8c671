//! The tables that a publish touches, for what is written without the store. What their columns mean stands in the
//! migrations.

diesel::table! {
    campus (id) { id -> BigInt, key -> Text, name -> Text, timezone -> Text, member_count -> BigInt, }
}

diesel::table! {
    app_user (id) { id -> BigInt, key -> Text, name -> Text, role -> SmallInt, known -> Bool, }
}

diesel::table! {
    membership (user_id, campus_id) {
        user_id -> BigInt, campus_id -> BigInt, role -> SmallInt, since_seq -> BigInt, since_at -> Timestamp,
    }
}

diesel::table! {
    recipient_list (id) { id -> BigInt, created_at -> Timestamp, seq -> Nullable<BigInt>, }
}

diesel::table! {
    recipient_list_member (user_id, audience) {
        user_id -> BigInt, audience -> BigInt, type_id -> Nullable<Integer>, priority -> Nullable<SmallInt>,
        expires_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    log_head (id) { id -> Integer, seq -> BigInt, created_at -> Timestamp, user_count -> BigInt, }
}

diesel::table! {
    log_entry (seq) {
        seq -> BigInt, group_id -> BigInt, kind -> SmallInt, created_at -> Timestamp, user_id -> Nullable<BigInt>,
        campus_id -> Nullable<BigInt>, role -> Nullable<SmallInt>, target_seq -> Nullable<BigInt>,
    }
}

diesel::table! {
    notification (seq) {
        seq -> BigInt, created_at -> Timestamp, audience_kind -> SmallInt, campus_id -> Nullable<BigInt>,
        audience_size -> BigInt, type_id -> Integer, priority -> SmallInt, title -> Text, message -> Text,
        event_id -> Nullable<Text>, attendance_id -> Nullable<Text>, action_url -> Nullable<Text>,
        metadata -> Nullable<Text>, expires_at -> Nullable<Timestamp>, sender_id -> BigInt,
    }
}

diesel::table! {
    feed_entry (audience, seq) {
        audience -> BigInt, seq -> BigInt, type_id -> Integer, priority -> SmallInt,
        expires_at -> Nullable<Timestamp>, recalled -> Bool,
    }
}

diesel::table! {
    notification_text (rowid) { rowid -> BigInt, terms -> Text, }
}

diesel::table! {
    text_index (id) { id -> Integer, indexed_through -> BigInt, }
}

diesel::table! {
    idempotency (sender_id, key) {
        sender_id -> BigInt, key -> Text, fingerprint -> Binary, seq -> BigInt, created_at -> Timestamp,
    }
}

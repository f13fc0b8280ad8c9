//! The tables, as the migrations make them.

diesel::table! {
    sequences (name) {
        name -> Text,
        last_id -> BigInt,
    }
}

diesel::table! {
    audit_lines (id) {
        id -> BigInt,
        at -> BigInt,
        actor_user_id -> Nullable<BigInt>,
        actor_name -> Text,
        from_address -> Nullable<Text>,
        verb -> Text,
        subject_kind -> Text,
        subject_id -> Nullable<Text>,
        detail -> Text,
    }
}

diesel::table! {
    categories (id) {
        id -> BigInt,
        name -> Text,
        optimistic_lock -> BigInt,
    }
}

diesel::table! {
    data_models (id) {
        id -> BigInt,
        name -> Text,
        name_key -> Text,
        description -> Text,
        command_timeout_s -> BigInt,
        provider_type -> Text,
        provider -> Text,
        optimistic_lock -> BigInt,
        hidden -> Text,
        row_filters -> Text,
        cache_s -> BigInt,
    }
}

diesel::table! {
    custom_queries (data_model_id, name_key) {
        data_model_id -> BigInt,
        name_key -> Text,
        name -> Text,
        query -> Text,
        parameters -> Text,
        optimistic_lock -> BigInt,
    }
}

diesel::table! {
    documents (id) {
        id -> BigInt,
        category_id -> BigInt,
        name -> Text,
        description -> Text,
        document_type -> Text,
        auto_refresh_interval_s -> BigInt,
        modified_by -> Text,
        modified_at -> BigInt,
        locked_by -> Nullable<Text>,
        revision_id -> BigInt,
        optimistic_lock -> BigInt,
        name_key -> Nullable<Text>,
    }
}

diesel::table! {
    revisions (id) {
        id -> BigInt,
        document_id -> BigInt,
        number -> BigInt,
        created_at -> BigInt,
        user_name -> Text,
        comment -> Text,
        layout -> Binary,
    }
}

diesel::table! {
    users (id) {
        id -> BigInt,
        user_name -> Text,
        user_name_key -> Text,
        first_name -> Nullable<Text>,
        last_name -> Nullable<Text>,
        email -> Nullable<Text>,
        account_type -> Text,
        active -> Bool,
        pending -> Bool,
        password_hash -> Nullable<Text>,
        optimistic_lock -> BigInt,
    }
}

diesel::table! {
    user_photos (user_id) {
        user_id -> BigInt,
        photo -> Binary,
        media_type -> Text,
    }
}

diesel::table! {
    user_groups (id) {
        id -> BigInt,
        name -> Text,
        name_key -> Text,
        built_in -> Nullable<Text>,
        optimistic_lock -> BigInt,
    }
}

diesel::table! {
    memberships (user_id, group_id) {
        user_id -> BigInt,
        group_id -> BigInt,
    }
}

diesel::table! {
    permissions (holder_kind, holder_id, scope, entity_id) {
        holder_kind -> Text,
        holder_id -> BigInt,
        scope -> Text,
        entity_id -> BigInt,
        access -> BigInt,
    }
}

diesel::table! {
    access_tokens (hash) {
        hash -> Binary,
        user_id -> BigInt,
        sign_in_id -> Nullable<Binary>,
        api_key_id -> Nullable<BigInt>,
        issued_at -> BigInt,
        expires_at -> BigInt,
    }
}

diesel::table! {
    sign_ins (id) {
        id -> Binary,
        user_id -> BigInt,
        refresh_hash -> Binary,
        started_at -> BigInt,
        expires_at -> BigInt,
    }
}

diesel::table! {
    api_keys (id) {
        id -> BigInt,
        user_id -> BigInt,
        client_id -> Binary,
        secret_hash -> Binary,
        name -> Text,
        created_at -> BigInt,
        last_used_at -> Nullable<BigInt>,
        expires_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    external_users (issuer, subject) {
        issuer -> Text,
        subject -> Text,
        user_id -> BigInt,
    }
}

diesel::table! {
    exports (id) {
        id -> Binary,
        owner_id -> BigInt,
        queued_at -> BigInt,
        state -> Text,
        node -> Nullable<Text>,
        lease_until -> Nullable<BigInt>,
        fence -> BigInt,
        attempts -> BigInt,
        percent -> BigInt,
        message -> Text,
        result_blob -> Nullable<Binary>,
        result_size_bytes -> Nullable<BigInt>,
        result_pages -> Nullable<BigInt>,
        fault -> Nullable<Text>,
        warnings -> Text,
        finished_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    export_requests (export_id) {
        export_id -> Binary,
        document_id -> BigInt,
        document_name -> Text,
        layout -> Binary,
        format -> Text,
        options -> Text,
        arguments -> Text,
    }
}

diesel::table! {
    outbox (id) {
        id -> BigInt,
        queued_at -> BigInt,
        due_at -> BigInt,
        node -> Nullable<Text>,
        fence -> BigInt,
        attempts -> BigInt,
        failure -> Nullable<Text>,
        mail -> Text,
    }
}

diesel::table! {
    account_links (hash) {
        hash -> Binary,
        user_id -> BigInt,
        purpose -> Text,
        issued_at -> BigInt,
        expires_at -> BigInt,
    }
}

diesel::table! {
    jobs (id) {
        id -> BigInt,
        owner_id -> BigInt,
        name -> Text,
        mode -> Text,
        document_id -> BigInt,
        billing_data_model_id -> Nullable<BigInt>,
        billing_data_member -> Nullable<Text>,
        billing_address_field -> Nullable<Text>,
        billing_recipient_field -> Nullable<Text>,
        parameters -> Text,
        enabled -> Bool,
        start_at -> BigInt,
        time_zone -> Text,
        recurrence_rule -> Text,
        retention_days -> BigInt,
        email_delivery_format -> Text,
        send_individual_emails -> Bool,
        send_blank_document -> Bool,
        subscribed_emails -> Text,
        shared_folders -> Text,
        internal_subscriber_ids -> Text,
        next_run_at -> Nullable<BigInt>,
        last_result_id -> Nullable<BigInt>,
        optimistic_lock -> BigInt,
    }
}

diesel::table! {
    job_runs (id) {
        id -> BigInt,
        job_id -> BigInt,
        started_at -> BigInt,
    }
}

diesel::table! {
    job_results (id) {
        id -> BigInt,
        run_id -> BigInt,
        job_id -> BigInt,
        document_id -> BigInt,
        name -> Text,
        created_at -> BigInt,
        status -> Text,
        message -> Text,
        recipients -> Text,
        parameters -> Text,
    }
}

diesel::table! {
    document_data_models (document_id, name_key) {
        document_id -> BigInt,
        name_key -> Text,
    }
}

diesel::table! {
    moments (name) {
        name -> Text,
        at -> BigInt,
    }
}

diesel::table! {
    nodes (name) {
        name -> Text,
        version -> Text,
        address -> Text,
        state -> Text,
        started_at -> BigInt,
        seen_at -> BigInt,
        running -> BigInt,
        capacity -> BigInt,
    }
}

diesel::table! {
    contractions (version) {
        version -> Text,
    }
}

diesel::joinable!(document_data_models -> documents (document_id));
diesel::joinable!(export_requests -> exports (export_id));
diesel::joinable!(memberships -> user_groups (group_id));
diesel::joinable!(memberships -> users (user_id));
diesel::joinable!(access_tokens -> users (user_id));
diesel::allow_tables_to_appear_in_same_query!(document_data_models, documents);
diesel::allow_tables_to_appear_in_same_query!(export_requests, exports);
diesel::allow_tables_to_appear_in_same_query!(memberships, permissions);
diesel::allow_tables_to_appear_in_same_query!(memberships, user_groups, users);
diesel::allow_tables_to_appear_in_same_query!(access_tokens, users);

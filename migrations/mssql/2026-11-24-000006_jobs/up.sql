insert into sequences (name, last_id) values
    ('job_results', 0),
    ('job_runs', 0),
    ('jobs', 0);

-- Lists are JSON arrays: nothing asks for one of their members.
create table jobs (
    id bigint not null primary key,
    owner_id bigint not null,
    name nvarchar(max) collate Latin1_General_BIN2 not null,
    mode nvarchar(max) collate Latin1_General_BIN2 not null,
    document_id bigint not null references documents (id),
    billing_data_model_id bigint references data_models (id),
    billing_data_member nvarchar(max) collate Latin1_General_BIN2,
    billing_address_field nvarchar(max) collate Latin1_General_BIN2,
    billing_recipient_field nvarchar(max) collate Latin1_General_BIN2,
    parameters nvarchar(max) collate Latin1_General_BIN2 not null,
    enabled bit not null,
    start_at bigint not null,
    time_zone nvarchar(max) collate Latin1_General_BIN2 not null,
    recurrence_rule nvarchar(max) collate Latin1_General_BIN2 not null,
    retention_days bigint not null,
    email_delivery_format nvarchar(max) collate Latin1_General_BIN2 not null,
    send_individual_emails bit not null,
    send_blank_document bit not null,
    subscribed_emails nvarchar(max) collate Latin1_General_BIN2 not null,
    shared_folders nvarchar(max) collate Latin1_General_BIN2 not null,
    internal_subscriber_ids nvarchar(max) collate Latin1_General_BIN2 not null,
    next_run_at bigint,
    last_result_id bigint,
    optimistic_lock bigint not null
);

create index jobs_document on jobs (document_id);
create index jobs_billing_data_model on jobs (billing_data_model_id);
create index jobs_next_run_at on jobs (next_run_at) where next_run_at is not null;

create table job_runs (
    id bigint not null primary key,
    job_id bigint not null references jobs (id) on delete cascade,
    started_at bigint not null
);

create index job_runs_job on job_runs (job_id);

-- A run's job stands here too, for the lists of a job.
create table job_results (
    id bigint not null primary key,
    run_id bigint not null references job_runs (id) on delete cascade,
    job_id bigint not null,
    document_id bigint not null,
    name nvarchar(max) collate Latin1_General_BIN2 not null,
    created_at bigint not null,
    status nvarchar(max) collate Latin1_General_BIN2 not null,
    message nvarchar(max) collate Latin1_General_BIN2 not null,
    recipients nvarchar(max) collate Latin1_General_BIN2 not null,
    parameters nvarchar(max) collate Latin1_General_BIN2 not null
);

create index job_results_run on job_results (run_id);
create index job_results_job on job_results (job_id, id);
create index job_results_document on job_results (document_id, id);

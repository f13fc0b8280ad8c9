//! The functions that statements may call: those that compute from what they are given, and do
//! nothing else. What reads files, tables by name, settings or sessions, waits, locks, draws numbers
//! from sequences or runs SQL is not here.

use super::Syntax;

/// In every database, as far as it has them.
const COMMON: &str = "\
    abs acos any_value ascii asin atan atan2 avg bit_length ceil ceiling char_length \
    character_length coalesce concat concat_ws corr cos cot count covar_pop covar_samp cume_dist \
    current_date current_time current_timestamp degrees dense_rank exp first_value floor greatest \
    grouping lag last_value lead least left length listagg ln localtime localtimestamp log log10 \
    lower lpad ltrim max min mod nth_value ntile nullif octet_length overlay percent_rank \
    percentile_cont percentile_disc pi position power radians rank regr_avgx regr_avgy regr_count \
    regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy replace reverse right round \
    row_number rpad rtrim sign sin sqrt stddev stddev_pop stddev_samp string_agg substr substring \
    sum tan translate trim upper var_pop var_samp variance";

const SQLITE: &str = "\
    random zeroblob \
    acosh asinh atanh char cosh date datetime format glob group_concat hex ifnull iif if instr \
    json json_array json_array_length json_extract json_group_array json_group_object json_insert \
    json_object json_patch json_quote json_remove json_replace json_set json_type json_valid \
    julianday like likelihood likely log2 median percentile pow printf quote sinh strftime tanh \
    time timediff total trunc typeof unhex unicode unixepoch unlikely";

const POSTGRES: &str = "\
    random \
    age array array_agg array_append array_cat array_length array_position array_positions \
    array_prepend array_remove array_replace array_to_string array_upper array_lower bit_and \
    bit_or bit_xor bool_and bool_or btrim cardinality cbrt chr clock_timestamp cosh date date_bin \
    date_part date_trunc daterange decode div encode every factorial format gcd initcap int4range \
    int8range isfinite json_agg json_array_elements json_array_elements_text json_array_length \
    json_build_array json_build_object json_each json_each_text json_extract_path \
    json_extract_path_text json_object_agg json_object_keys json_strip_nulls json_typeof jsonb_agg \
    jsonb_array_elements jsonb_array_elements_text jsonb_array_length jsonb_build_array \
    jsonb_build_object jsonb_each jsonb_each_text jsonb_extract_path jsonb_extract_path_text \
    jsonb_object_agg jsonb_object_keys jsonb_path_exists jsonb_path_query jsonb_path_query_array \
    jsonb_path_query_first jsonb_pretty jsonb_set jsonb_strip_nulls jsonb_typeof justify_days \
    justify_hours justify_interval lcm make_date make_interval make_time make_timestamp \
    make_timestamptz md5 mode now num_nonnulls num_nulls numrange plainto_tsquery regexp_count \
    regexp_instr regexp_like regexp_match regexp_matches regexp_replace regexp_split_to_array \
    regexp_split_to_table regexp_substr repeat row_to_json scale sha256 sinh split_part \
    starts_with statement_timestamp string_to_array strpos tanh timezone to_char to_date to_json \
    to_jsonb to_number to_timestamp to_tsquery to_tsvector transaction_timestamp trunc ts_rank \
    tsrange tstzrange unnest websearch_to_tsquery width_bucket";

const REDSHIFT: &str = "\
    random \
    add_months bit_and bit_or bool_and bool_or btrim charindex chr convert_timezone date_part \
    date_part_year date_trunc dateadd datediff decode getdate initcap is_valid_json isnull \
    json_array_length json_extract_array_element_text json_extract_path_text last_day len md5 \
    median months_between next_day now nvl nvl2 ratio_to_report regexp_count regexp_instr \
    regexp_replace regexp_substr repeat split_part strpos strtol to_char to_date to_number \
    to_timestamp trunc";

const MYSQL: &str = "\
    rand \
    adddate addtime bin bin_to_uuid bit_and bit_count bit_or bit_xor char conv convert_tz crc32 \
    curdate curtime date date_add date_format date_sub datediff day dayname dayofmonth dayofweek \
    dayofyear elt export_set field find_in_set format from_base64 from_days from_unixtime \
    group_concat hex hour if ifnull inet6_aton inet6_ntoa inet_aton inet_ntoa insert instr isnull \
    json_array json_arrayagg json_contains json_contains_path json_depth json_extract json_insert \
    json_keys json_length json_merge_patch json_merge_preserve json_object json_objectagg \
    json_overlaps json_pretty json_quote json_remove json_replace json_search json_set json_type \
    json_unquote json_valid json_value last_day lcase locate log2 make_set makedate maketime md5 \
    microsecond mid minute month monthname now nvl nvl2 oct ord period_add period_diff pow quarter \
    quote regexp_instr regexp_like regexp_replace regexp_substr repeat sec_to_time second sha sha1 \
    sha2 soundex space std str_to_date strcmp subdate substring_index subtime sysdate time \
    time_format time_to_sec timediff timestamp timestampadd timestampdiff to_base64 to_char \
    to_days to_seconds truncate ucase unhex unix_timestamp utc_date utc_time utc_timestamp \
    uuid_to_bin week weekday weekofyear year yearweek";

const TRANSACT: &str = "\
    rand \
    approx_count_distinct atn2 char charindex checksum_agg choose count_big date_bucket dateadd \
    datediff datediff_big datefromparts datalength datename datepart datetime2fromparts \
    datetimefromparts datetimeoffsetfromparts datetrunc day difference eomonth format getdate \
    getutcdate grouping_id hashbytes hour iif isdate isjson isnull isnumeric json_array \
    json_modify json_object json_path_exists json_query json_value len minute month nchar \
    parsename patindex quarter quotename replicate second smalldatetimefromparts soundex space \
    square stdev stdevp str string_escape stuff switchoffset sysdatetime sysdatetimeoffset \
    sysutcdatetime timefromparts todatetimeoffset unicode var varp year";

const FIREBIRD: &str = "\
    rand \
    ascii_char ascii_val bin_and bin_not bin_or bin_shl bin_shr bin_xor char_to_uuid dateadd \
    datediff decode first_day hash iif last_day list maxvalue minvalue trunc unicode_char \
    unicode_val uuid_to_char";

const ORACLE: &str = "\
    add_months approx_count_distinct bitand chr cosh decode from_tz grouping_id hextoraw initcap \
    instr instrb json_arrayagg json_exists json_object json_objectagg json_query json_value \
    last_day lengthb lnnvl median months_between nanvl new_time next_day numtodsinterval \
    numtoyminterval nvl nvl2 ora_hash ratio_to_report rawtohex regexp_count regexp_instr \
    regexp_like regexp_replace regexp_substr remainder sinh soundex standard_hash stats_mode \
    substrb sys_extract_utc tanh to_char to_clob to_date to_dsinterval to_number to_timestamp \
    to_timestamp_tz to_yminterval trunc wm_concat";

/// Behind ODBC: the functions of its own escapes, and those that the databases there share.
const ODBC: &str = "\
    add_days add_hours add_minutes add_seconds add_years bitand bitnot bitor bitxor chr rand str_replace \
    add_months bigint char charindex curdate curtime date dateadd datediff dateformat datename \
    datepart day dayname dayofmonth dayofweek dayofyear days decimal decode digits double getdate \
    group_concat hour ifnull iif initcap insert instr int integer isnull last_day lcase len list \
    locate mid midnight_seconds minute month monthname months_between now nvl nvl2 quarter repeat \
    second smallint soundex space str time timestamp timestampadd timestampdiff to_char to_date \
    to_number to_timestamp trunc truncate ucase value varchar week week_iso year zeroifnull \
    nullifzero";

const ACCESS: &str = "\
    rnd \
    asc atn cbool cbyte ccur cdate cdbl chr cint clng csng cstr cvar date dateserial datevalue \
    first fix format formatcurrency formatdatetime formatnumber formatpercent instrrev isdate \
    isempty isnumeric last monthname nz partition sgn sqr stdev stdevp strcomp strconv strreverse \
    string switch timeserial timevalue val var varp weekday weekdayname choose";

const BIGQUERY: &str = "\
    approx_count_distinct array_agg array_length array_to_string countif current_datetime date \
    date_add date_diff date_sub date_trunc datetime datetime_add datetime_diff datetime_sub \
    datetime_trunc ends_with extract farm_fingerprint format format_date format_datetime \
    format_timestamp if ifnull initcap instr json_extract json_extract_scalar json_query \
    json_value last_day logical_and logical_or md5 parse_date parse_datetime parse_timestamp pow \
    regexp_contains regexp_extract regexp_replace repeat safe_divide sha256 split starts_with \
    strpos time timestamp timestamp_add timestamp_diff timestamp_sub timestamp_trunc trunc";

/// The functions whose first argument is a part of a date, written as a word.
const BY_PART: &str = "\
    date_bucket dateadd datediff datediff_big datename datepart datetrunc timestampadd \
    timestampdiff";

/// The parts of dates.
const PARTS: &str = "\
    year yyyy yy y quarter qq q month mm m dayofyear dy day dd d week wk ww weekday dw w hour hh \
    minute mi n second ss s millisecond ms microsecond mcs nanosecond ns tzoffset tz iso_week \
    isowk isoww isoweek yearday epoch years quarters months weeks days hours minutes seconds \
    sql_tsi_second sql_tsi_minute sql_tsi_hour sql_tsi_day sql_tsi_week sql_tsi_month \
    sql_tsi_quarter sql_tsi_year decade century millennium timezone doy dow isodow isoyear";

/// The function of a name, if statements may call it.
pub(super) fn allowed(name: &str, syntax: Syntax) -> Option<&'static str> {
    let lists: &[&'static str] = match syntax {
        Syntax::Sqlite => &[COMMON, SQLITE],
        Syntax::Postgres => &[COMMON, POSTGRES],
        Syntax::Redshift => &[COMMON, REDSHIFT],
        Syntax::MySql => &[COMMON, MYSQL],
        Syntax::MsSql => &[COMMON, TRANSACT],
        Syntax::Sybase => &[COMMON, TRANSACT, ODBC],
        Syntax::Firebird => &[COMMON, FIREBIRD],
        Syntax::Oracle => &[COMMON, ORACLE],
        Syntax::Db2 | Syntax::Generic => &[COMMON, ODBC],
        Syntax::Access => &[COMMON, ODBC, ACCESS],
        Syntax::BigQuery => &[COMMON, BIGQUERY],
    };
    lists.iter().find_map(|list| word(list, name))
}

/// Whether the first argument of a function is a part of a date.
pub(super) fn is_by_part(name: &str, syntax: Syntax) -> bool {
    word(BY_PART, name).is_some() && syntax != Syntax::Postgres && syntax != Syntax::Access
}

/// The word of a part of a date.
pub(super) fn part(name: &str) -> Option<&'static str> {
    word(PARTS, name)
}

/// Whether the last argument of a function is a part of a date.
pub(super) fn ends_by_part(name: &str, syntax: Syntax) -> bool {
    syntax == Syntax::BigQuery && (name.ends_with("_trunc") || name.ends_with("_diff"))
}

/// The word of a list that is a name, in any letter case.
fn word(list: &'static str, name: &str) -> Option<&'static str> {
    list.split_ascii_whitespace().find(|word| word.eq_ignore_ascii_case(name))
}

/// The columns of a function that gives rows, if statements may read it; none where its one column
/// has the name of the table.
pub(super) fn table(name: &str, syntax: Syntax) -> Option<(&'static str, &'static [&'static str])> {
    let known: &[(&str, &[&str])] = match syntax {
        Syntax::Postgres => &[
            ("generate_series", &[]),
            ("unnest", &[]),
            ("regexp_split_to_table", &[]),
            ("string_to_table", &[]),
            ("json_array_elements", &["value"]),
            ("json_array_elements_text", &["value"]),
            ("json_each", &["key", "value"]),
            ("json_each_text", &["key", "value"]),
            ("json_object_keys", &[]),
            ("jsonb_array_elements", &["value"]),
            ("jsonb_array_elements_text", &["value"]),
            ("jsonb_each", &["key", "value"]),
            ("jsonb_each_text", &["key", "value"]),
            ("jsonb_object_keys", &[]),
        ],
        Syntax::MsSql => &[
            ("string_split", &["value", "ordinal"]),
            ("generate_series", &["value"]),
            ("openjson", &["key", "value", "type"]),
        ],
        Syntax::Sqlite => &[
            ("json_each", SQLITE_JSON),
            ("json_tree", SQLITE_JSON),
            ("generate_series", &["value"]),
        ],
        _ => &[],
    };
    known.iter().find(|(known, _)| name.eq_ignore_ascii_case(known)).copied()
}

const SQLITE_JSON: &[&str] = &["key", "value", "type", "atom", "id", "parent", "fullkey", "path"];

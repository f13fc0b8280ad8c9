drop table job_results;
drop table job_runs;
drop table jobs;
delete from sequences where name in ('job_results', 'job_runs', 'jobs');

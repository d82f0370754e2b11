-- When a user works, as the API has it; null = nothing is known, and nothing is required.
alter table member add column working_hours text;

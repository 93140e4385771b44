-- A project may keep its events for a shorter time than the installation.
CREATE INDEX samples_project_received ON samples (project_id, received_at);

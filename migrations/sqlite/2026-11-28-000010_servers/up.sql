-- A file has one server: there is nothing to keep of others.
SELECT 1;

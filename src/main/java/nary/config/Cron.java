package nary.config;

import java.time.ZonedDateTime;


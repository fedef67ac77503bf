"""CloudWatch, Auto Scaling and Budgets as AWS has them, in place of moto's. `install` before moto's first request.

series, queue_metrics, topic_metrics, group_metrics, spending
                        numbers, and where they come from
queries, metric_math, math_functions, readings, custom_metrics
                        what can be asked of them, and put beside them
alarms, alarm_requests, evaluation, transitions, composites, monitor, listings, actions
                        alarms: what they are, when they change, what they do
scaling_amounts, scaling_policies, policy_store, scaling, scaling_handler, activities, schedules, cron
                        groups of instances that grow and shrink
budgets                 thresholds for the spend
service                 what happens each minute
cloudwatch, seams, scaling_seams, requests, pages, errors
                        how moto is made to use all this
late_scaling            Auto Scaling only when somebody asks for it
"""

from labkit.embedded.metrics.seams import install

__all__ = ["install"]

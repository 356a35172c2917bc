"""Changes that break the functions: code, limits, variables, network, logs."""

from tests.template import test_function_limits as function_limits
from tests.template import test_handlers as handlers
from tests.template import test_log_store as log_store
from tests.template import test_network as network
from tests.template import test_pause as pause
from tests.template import test_variables as variables
from tests.template.mutations.mutation import Mutation, Table

MUTATIONS: Table = {
    handlers.test_the_handler_exists: [
        Mutation("SendFunction", "verification.handler", "verification.main", "Properties.Handler", "functions/"),
        Mutation("SendFunction", "send_phone_verification.handler", "send.handler", "Handler", "found send.hand"),
    ],
    handlers.test_the_initializer_exists_in_the_file_of_the_handler: [
        Mutation("SendFunction", ".initialize", ".initialise", "Initializer.Handler", "found send_phone"),
    ],
    handlers.test_each_function_of_the_code_is_deployed_once: [
        Mutation("ResendFunction", "ALIYUN::FC3::Function", "ALIYUN::FC3::Trigger", "Resources", "one function"),
    ],
    handlers.test_both_functions_run_the_package_in_the_bucket: [
        Mutation("ResendFunction", "Ref: CodeObject", "function.zip", "ResendFunction.Properties.Code", "CodeObject"),
    ],
    handlers.test_each_function_has_a_name_of_its_own: [
        Mutation("ResendFunction", "${NamePrefix}-resend", "${NamePrefix}-send", "Resources", "names of their own"),
    ],
    function_limits.test_the_initializer_has_its_time_limit: [
        Mutation("SendFunction", "Timeout: 20", "Timeout: 30", "Initializer.Timeout", "expected 20"),
    ],
    function_limits.test_runtime_time_limit_memory_and_cpu_have_their_defaults: [
        Mutation("SendFunction", "Timeout: 60", "Timeout: 90", "SendFunction.Properties.Timeout", "expected 60"),
    ],
    function_limits.test_both_pythons_can_be_chosen_and_the_newer_is_the_default: [
        Mutation("Runtime", "Default: python3.12", "Default: python3.10", "Runtime", "python3.12"),
    ],
    function_limits.test_cpu_and_memory_have_a_ratio_that_the_platform_offers: [
        Mutation("Cpu", "Default: 0.5", "Default: 1", "Cpu", "1 vCPU for 1 to 4 GB"),
    ],
    function_limits.test_cpu_and_memory_come_in_the_steps_of_the_platform: [
        Mutation("Cpu", "0.15, 0.2", "0.17, 0.2", "SendFunction.Properties.Cpu", "a multiple of 0.05"),
        Mutation("MemorySize", "192", "200", "SendFunction.Properties.MemorySize", "a multiple of 64"),
    ],
    function_limits.test_all_attempts_at_a_call_fit_into_the_time_limit: [
        Mutation("MaxAttempts", "MaxValue: 4", "MaxValue: 5", "SendFunction.Properties.Timeout", "5 attempts"),
        Mutation("ReadTimeoutSeconds", "MaxValue: 10", "", "SendFunction.Properties.Timeout", "with MaxValue"),
    ],
    variables.test_every_setting_is_a_variable: [
        Mutation("SendFunction", "MAX_ATTEMPTS", "MAX_ATTEMPT", "EnvironmentVariables.MAX_ATTEMPTS", "this var"),
    ],
    variables.test_every_variable_is_a_setting: [
        Mutation("SendFunction", "MAX_ATTEMPTS", "MAX_ATTEMPT", "EnvironmentVariables.MAX_ATTEMPT", "do not"),
    ],
    variables.test_every_variable_is_a_text: [
        Mutation("SendFunction", "Fn::Str: {Ref: MaxAttempts}", "3", "MAX_ATTEMPTS", "expected a text"),
    ],
    variables.test_the_settings_take_every_default: [
        Mutation("SendFunction", "Ref: LogLevel", "LOUD", "LOG_LEVEL", "LOG_LEVEL: must be"),
    ],
    variables.test_every_default_is_that_of_the_settings: [
        Mutation("MaxAttempts", "Default: 3", "Default: 2", "MAX_ATTEMPTS", "the settings' default, 3"),
    ],
    variables.test_each_site_has_its_endpoint: [
        Mutation("Sites", "resourcedirectory-intl.", "resourcedirectorymaster.", "Sites.International", "-intl"),
    ],
    variables.test_the_endpoint_is_that_of_the_parameter_site: [
        Mutation("SendFunction", "{Ref: Site}", "China", "RESOURCE_DIRECTORY_ENDPOINT", "the parameter Site"),
    ],
    network.test_functions_are_in_the_vpc_that_is_named: [
        Mutation("SendFunction", "              Ref: SecurityGroupId", "              Ref: VpcId", "VpcConfig", "VSwi"),
    ],
    network.test_functions_are_in_no_vpc_by_default: [
        Mutation("InVpc", "Fn::Not:\n      ", "", "SendFunction.Properties.VpcConfig", "none by default"),
    ],
    pause.test_the_functions_wait: [
        Mutation("ResendFunction", "DependsOn: Pause", "DependsOn: LogStore", "ResendFunction.DependsOn", "Pause"),
    ],
    pause.test_the_pause_begins_after_the_log_store_and_what_the_roles_may_do: [
        Mutation(
            "Pause", "LogStore, SendRole, ResendRole, NetworkPolicy", "ResendRole", "Pause.DependsOn", "LogStore, N"
        ),
    ],
    pause.test_the_pause_is_longer_than_the_reported_minute: [
        Mutation(
            "Pause", "CreateDuration: 90", "CreateDuration: 60", "Pause.Properties.CreateDuration", "more than 60"
        ),
        Mutation("Pause", "CreateDuration: 90", "CreateDuration: long", "Pause.Properties.CreateDuration", "seconds"),
    ],
    pause.test_the_functions_wait_again_before_they_enter_a_vpc: [
        Mutation("Pause", "Ref: VpcId", "Ref: Site", "Pause.Properties.Triggers", "VpcId"),
        Mutation("Pause", "UpdateDuration: 30", "UpdateDuration: 0", "Pause.Properties.UpdateDuration", "seconds"),
    ],
    network.test_functions_reach_the_internet: [
        Mutation("SendFunction", "InternetAccess: true", "InternetAccess: false", "InternetAccess", "on the internet"),
    ],
    log_store.test_each_log_config_is_complete: [
        Mutation("SendFunction", "EnableInstanceMetrics: false", "", "LogConfig.EnableInstanceMetrics", "expected it"),
    ],
    log_store.test_functions_log_to_the_log_store_of_the_stack: [
        Mutation(
            "SendFunction", "Project:\n          Fn::GetAtt: [LogProject, Name]", "Project: x", "Project", "GetAtt"
        ),
    ],
    log_store.test_each_line_is_an_entry_of_the_log: [
        Mutation("SendFunction", "LogBeginRule: None", "LogBeginRule: DefaultRegex", "LogBeginRule", "expected None"),
    ],
    log_store.test_lines_are_kept_for_a_month_by_default: [
        Mutation("LogRetentionDays", "Default: 30", "Default: 7", "LogStore.Properties.TTL", "30 days"),
    ],
}

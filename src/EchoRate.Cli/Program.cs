using EchoRate.Cli;
using EchoRate.Cli.Terminal;

return await new Application(UserTerminal.OfThisProcess(), TimeProvider.System).RunAsync(args);

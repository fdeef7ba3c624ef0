using EchoRate.Cli;
using EchoRate.Cli.Terminal;

StandardStreams.Fill();
return await new Application(UserTerminal.OfThisProcess()).RunAsync(args);

global using EchoRate.Cli.Tests.Program;
global using EchoRate.LLamaSharp.Tests.Contract;
global using EchoRate.LLamaSharp.Tests.Fixtures;
global using static EchoRate.LLamaSharp.Tests.Fixtures.Probing;
global using Xunit;

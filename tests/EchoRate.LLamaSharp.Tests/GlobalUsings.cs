global using EchoRate.LLamaSharp.Tests.Contract;
global using EchoRate.LLamaSharp.Tests.Fixtures;
global using Xunit;

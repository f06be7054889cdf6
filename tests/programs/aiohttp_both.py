# needs: aiohttp multidict yarl
import asyncio

from aiohttp import ClientSession, web


async def main():
    async def hello(request):
        return web.json_response({"name": request.match_info["name"], "body": (await request.text())})

    async def socket(request):
        ws = web.WebSocketResponse()
        await ws.prepare(request)
        async for message in ws:
            await ws.send_str(message.data.upper())
        return ws

    app = web.Application()
    app.router.add_post("/hello/{name}", hello)
    app.router.add_get("/ws", socket)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]
    async with ClientSession() as session:
        async def one(i):
            async with session.post(f"http://127.0.0.1:{port}/hello/n{i}", data=str(i)) as reply:
                return await reply.json()
        answers = await asyncio.gather(*(one(i) for i in range(10)))
        assert answers == [{"name": f"n{i}", "body": str(i)} for i in range(10)], answers
        async with session.ws_connect(f"http://127.0.0.1:{port}/ws") as ws:
            await ws.send_str("ping")
            assert (await ws.receive_str()) == "PING"
    await runner.cleanup()


asyncio.run(main())
